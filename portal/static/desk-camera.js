// The laptop's camera instead of a scanner: a frame now and then is sent to this machine and read there.

import { _ } from "./words.js";

const EVERY = 250; // ms
const WIDTH = 1280;
const GONE = 1500; // ms looked without a code after which the same may be meant again

export class Camera {
  // `wanted()` says whether a code is waited for, `found(code)` hears it, `warn(words)` what is wrong.
  constructor(figure, base, on) {
    Object.assign(this, { figure, base, on, video: figure.querySelector("video"), stream: null, last: "", away: 0 });
  }

  get isOn() {
    return Boolean(this.stream);
  }

  async toggle() {
    if (this.isOn) return this.stop();
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: WIDTH } }, audio: false });
    } catch (trouble) {
      return this.on.warn(_("摄像头用不了（{0}）：请在浏览器里允许，或关掉占用它的程序", trouble.name));
    }
    this.video.srcObject = this.stream;
    this.figure.hidden = false;
    await this.video.play();
    this.look(this.stream); // not waited for: the keys go on meanwhile
    return undefined;
  }

  stop() {
    for (const track of this.stream.getTracks()) track.stop();
    this.stream = this.video.srcObject = null;
    this.figure.hidden = true;
  }

  async look(stream) {
    while (this.stream === stream) {
      if (this.on.wanted() && this.video.videoWidth) this.heard(await this.codes());
      await new Promise((wake) => setTimeout(wake, EVERY));
    }
  }

  async codes() {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: this.video.videoWidth, height: this.video.videoHeight });
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    const jpeg = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    const headers = { "Content-Type": "image/jpeg" };
    const reply = await fetch(`${this.base}/api/frame`, { method: "POST", headers, body: jpeg }).catch(() => null);
    if (reply?.ok) return (await reply.json()).codes;
    this.on.warn(_("摄像头的画面读不了：请改用扫码枪，或重新启动程序"));
    return [];
  }

  // The code that was just taken is still held before the camera, however long the name took to find:
  // it counts again when the camera has looked for a while and not seen it.
  heard(codes) {
    if (codes.length > 1) return this.on.warn(_("摄像头看到两个采集码：请只留一个"));
    const [code] = codes;
    if (!this.on.wanted()) return undefined;
    this.away = code ? this.away : this.away + EVERY;
    if (!code) return undefined;
    const again = code === this.last && this.away < GONE;
    Object.assign(this, { last: code, away: 0 });
    return again ? undefined : this.on.found(code);
  }
}
