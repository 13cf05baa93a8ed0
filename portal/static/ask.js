// What the pages ask of the server: documents, pictures, and decisions one after the other.

import { _ } from "./words.js";

const base = document.documentElement.dataset.base;
const TRIES = 4;
const MOST = 400; // pictures that are kept at hand

export async function get(path) {
  const reply = await fetch(base + path);
  return answer(reply);
}

// A reply that was lost is asked for again. What is posted carries a key, so twice is once.
export async function post(path, body) {
  for (let tried = 1; ; tried++) {
    try {
      return answer(await fetch(base + path, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }));
    } catch {
      if (tried === TRIES) return { ok: false, status: 0, problem: _("连不上程序：它可能已经结束") };
      await new Promise((wake) => setTimeout(wake, 250 * 2 ** tried));
    }
  }
}

async function answer(reply) {
  const said = await reply.json().catch(() => ({}));
  return { ok: reply.ok, status: reply.status, problem: said.problem || _("程序出错，请看终端"), ...said };
}

export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");
}

// Pictures are never stored by the browser, so the page itself keeps those that come next.
const pictures = new Map();

export function picture(path) {
  if (!pictures.has(path)) {
    pictures.set(path, load(path));
    forget();
  }
  return pictures.get(path);
}

async function load(path) {
  const reply = await fetch(base + path).catch(() => null);
  return reply?.ok ? URL.createObjectURL(await reply.blob()) : "";
}

function forget() {
  while (pictures.size > MOST) {
    const [path, url] = pictures.entries().next().value;
    pictures.delete(path);
    url.then((address) => address && URL.revokeObjectURL(address));
  }
}

export async function show(image, path) {
  image.dataset.path = path;
  const url = await picture(path);
  if (image.dataset.path !== path) return; // another picture is wanted by now
  if (url) image.src = url;
  else image.replaceWith(make("span", { class: "broken" }, _("无法显示")));
  if (url) await image.decode().catch(() => {});
}

export function make(tag, attributes = {}, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...inside);
  return node;
}

export function say(line, bad = false) {
  const place = document.getElementById("say");
  place.classList.toggle("bad", bad);
  place.textContent = line;
}

// Letters and figures are shortcuts only where nobody is writing.
export function isWriting(event) {
  return event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.target.matches("input");
}
