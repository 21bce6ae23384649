// Optional beeps and spoken cues; off until somebody switches them on.

import { language } from "./words.js";

let context = null;
let isOn = false;

export const sounds = () => isOn;

export function toggle() {
  isOn = !isOn;
  if (isOn && !context) context = new AudioContext();
  if (isOn) beep("count");
  else if ("speechSynthesis" in window) speechSynthesis.cancel();
}

const TONES = { count: [660, 0.09], ready: [880, 0.12], go: [1175, 0.25], stop: [330, 0.4] }; // Hz, s

export function beep(name) {
  if (!isOn || !context) return;
  const [pitch, length] = TONES[name];
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.15, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + length);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + length);
}

// Speaks when this computer has a voice for the language.
export function speak(text) {
  if (!isOn || !("speechSynthesis" in window)) return;
  const wanted = language() === "zh" ? ["zh-hk", "yue"] : ["en"];
  const voice = speechSynthesis.getVoices().find(
    (one) => one.localService && wanted.some((tag) => one.lang.toLowerCase().replace("_", "-").startsWith(tag)),
  );
  if (!voice) return;
  const words = new SpeechSynthesisUtterance(text);
  words.voice = voice;
  words.lang = voice.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
}
