// The keyboard: one listener for the whole page. What stands on it says which keys do what.

import { useEffect, useRef } from "preact/hooks";
import { kept } from "./kept";

/** What each key does, by its name as browsers give it; "g r" is one after the other. */
export type Keys = Readonly<Record<string, (() => void) | undefined>>;

/** Keys that are a single character can be switched off: speech input types them by accident. */
export const charactersWork = kept("keys", true);

/** The second key of two must follow within this time. */
const PAIR_MS = 1500;

const layers: { current: Keys }[] = [];
let begun = { key: "", at: 0 };

/** Keys of a part of the page as long as it is there; what was added last comes first. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    layers.push(latest);
    return () => {
      layers.splice(layers.indexOf(latest), 1);
    };
  }, []);
}

/** The frame gets no keys before it has the focus; a click anywhere in it gives it that. */
export function followKeys(): void {
  window.addEventListener("keydown", listen);
  window.focus();
  window.addEventListener("pointerdown", () => window.focus());
}

function listen(event: KeyboardEvent): void {
  const { key } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  // An open dialog has the keyboard to itself.
  if (document.querySelector("dialog[open]") || belongsTo(event.target, key)) return;
  if (key.length === 1 && !charactersWork.value) return;
  const pair = Date.now() - begun.at < PAIR_MS ? `${begun.key} ${key}` : "";
  begun = { key: "", at: 0 };
  const action = find(pair) ?? find(key);
  if (action) {
    event.preventDefault();
    action();
  } else if (
    layers.some(({ current }) => Object.keys(current).some((own) => own.startsWith(`${key} `)))
  ) {
    begun = { key, at: Date.now() };
  }
}

/** Whether the control that has the focus does something of its own with the key. */
function belongsTo(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("input:not([type=radio], [type=checkbox], [type=range]), select, textarea")) {
    return true;
  }
  if (key === "Enter") return target.matches("a, button, summary, input");
  return key.startsWith("Arrow") && target.matches("input, [role=tab], [role=slider], .cell");
}

function find(keys: string): (() => void) | undefined {
  for (let nth = layers.length - 1; nth >= 0; nth--) {
    const action = layers[nth]?.current[keys];
    if (action) return action;
  }
  return undefined;
}
