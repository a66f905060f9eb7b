/** Types text into a guest as keys of a keyboard, through its screen's connection. */
import type RFB from "@novnc/novnc";

const RETURN = 0xff0d;
const TAB = 0xff09;
/** X11 keysyms of Unicode beyond Latin-1 begin here. */
const UNICODE = 0x0100_0000;
const LATIN_END = 0xff;

function keysymOf(character: string): number {
  if (character === "\n") return RETURN;
  if (character === "\t") return TAB;
  const code = character.codePointAt(0) ?? 0;
  return code <= LATIN_END ? code : UNICODE + code;
}

export function typeText(screen: RFB, text: string): void {
  for (const character of text) screen.sendKey(keysymOf(character), null);
}

/** Keys pressed together, by X11 keysym; let go in reverse. */
export function pressTogether(screen: RFB, keysyms: readonly number[]): void {
  for (const keysym of keysyms) screen.sendKey(keysym, null, true);
  for (const keysym of keysyms.toReversed()) screen.sendKey(keysym, null, false);
}

const CTRL = 0xffe3;
const ALT = 0xffe9;
const F1 = 0xffbe;

/** What a browser keeps for itself. */
export const COMBINATIONS: Readonly<Record<string, readonly number[]>> = {
  "Ctrl-Alt-Del": [CTRL, ALT, 0xffff],
  "Ctrl-Alt-Backspace": [CTRL, ALT, 0xff08],
  "Alt-F4": [ALT, F1 + 3],
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7].map((n) => [`Ctrl-Alt-F${n}`, [CTRL, ALT, F1 + n - 1]]),
  ),
  PrintScreen: [0xff61],
};
