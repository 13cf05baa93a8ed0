// What the scripts say, in the language of the page. Its dictionary comes with it; in Chinese there is none.

const place = document.getElementById("translations");
const said = place ? JSON.parse(place.textContent) : {};

// A Chinese text as the reader has it; what stands for its `{0}`, `{1}` … is filled in after it was looked up.
// What stands behind a `|` only tells apart what Chinese says in one word.
export function _(text, ...values) {
  return (said[text] ?? text.split("|")[0]).replace(/\{(\d)\}/g, (gap, number) => values[number]);
}
