// Short tones, so that the operator need not look up: taken, a question, a trouble.

const TONES = { good: [[880, 0.09]], ask: [[520, 0.12], [520, 0.12]], bad: [[220, 0.35]] };
let context = null, quiet = false;

export function toggleSound() {
  quiet = !quiet;
  return !quiet;
}

export function sound(kind) {
  if (quiet) return;
  try {
    play(TONES[kind]);
  } catch {
    quiet = true; // a machine without sound works all the same
  }
}

function play(tones) {
  context ||= new AudioContext();
  let at = context.currentTime;
  for (const [pitch, length] of tones) {
    const tone = context.createOscillator(), volume = context.createGain();
    tone.frequency.value = pitch;
    volume.gain.value = 0.15;
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + length);
    at += length + 0.06;
  }
}
