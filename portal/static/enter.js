// Puts the token of the link into the form, and takes it out of the address, so that it stays in no history.

const token = decodeURIComponent(location.hash.slice(1));
if (token && token !== "main") {
  document.getElementById("token").value = token;
  history.replaceState(null, "", location.pathname);
  document.querySelector("button.main").focus();
}
