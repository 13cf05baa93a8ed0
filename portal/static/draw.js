// How a capture is drawn: the large picture with the lines of its crop, the strip of its neighbours, the students.

import { make, show } from "./ask.js";
import { _ } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

function shape(tag, attributes, text = "") {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  return node;
}

// Crown, eyes, chin and the box of the profile, in pixels of the upright original.
function lines(item) {
  const { width, height, face, crop } = item;
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  if (crop) {
    const size = { width: crop.right - crop.left, height: crop.bottom - crop.top };
    svg.append(shape("rect", { class: "crop", x: crop.left, y: crop.top, ...size }));
  }
  if (!face) return svg;
  const [left, right] = [face.cx - face.width * 0.62, face.cx + face.width * 0.62];
  for (const [name, y] of [[_("头顶"), face.crown], [_("眼睛"), face.eye], [_("下巴"), face.chin]]) {
    svg.append(shape("line", { class: "level", x1: left, x2: right, y1: y, y2: y }));
    svg.append(shape("text", { x: right, y: y, dx: width / 90, "font-size": width / 28 }, name));
  }
  return svg;
}

export function drawPicture(place, item) {
  const image = make("img", { alt: _("待核对的照片 {0}", item.path), width: item.width, height: item.height });
  place.replaceChildren(image, lines(item));
  return show(image, `/pictures/large/${item.sha256}`);
}

export function drawStrip(place, item, frames) {
  place.replaceChildren(...item.beside.map((sha256) => neighbour(sha256, frames[sha256], sha256 === item.sha256)));
  place.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}

function neighbour(sha256, frame, here) {
  const mark = make("b", { class: `mark ${frame.state}`, title: frame.word }, frame.mark);
  const image = make("img", { alt: "" });
  show(image, `/pictures/thumbs/${sha256}`);
  const words = make("figcaption", {}, mark, ` ${frame.word} `, make("span", {}, frame.name), make("time", {}, frame.taken.slice(6)));
  const figure = make("figure", here ? { "aria-current": "true" } : {}, image, words);
  return figure;
}

export function drawCandidates(place, candidates, pick) {
  place.replaceChildren(...candidates.map((one, index) => make("li", {}, student(one, index + 1, pick))));
  if (!candidates.length) place.append(make("li", { class: "none" }, _("没有线索：请按学号或姓名查找")));
}

function student(one, key, pick) {
  const head = make("strong", {}, make("kbd", {}, String(key)), ` ${one.name} `, make("small", {}, one.student_no));
  const where = make("span", { class: one.photographed ? "taken" : "missing" }, `${one.centre} · ${one.state}`);
  const why = make("span", { class: "why" }, one.why.join(_("；|之间")));
  const button = make("button", { "aria-keyshortcuts": key }, head, where, why);
  if (!one.has_code) button.append(make("em", {}, _("没有采集码")));
  if (one.ineligible) button.append(make("em", {}, _("不在本次范围：{0}", one.ineligible)));
  const pictures = make("span", { class: "own" });
  for (const sha256 of one.pictures) {
    const image = make("img", { alt: _("该学生的其他照片") });
    pictures.append(image);
    show(image, `/pictures/thumbs/${sha256}`);
  }
  button.append(pictures);
  button.addEventListener("click", () => pick(one));
  return button;
}
