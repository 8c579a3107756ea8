// What the browser keeps from visit to visit. Where it refuses to (a sandboxed frame, a private
// window, a full store), the values live as long as the page.

import { effect, type Signal, signal } from "@preact/signals";

const PREFIX = "runlens.";

/** A value that the next visit finds again; what is stored in another form than `initial` is not used. */
export function kept<Value>(key: string, initial: Value): Signal<Value> {
  const value = signal(stored(key, initial));
  effect(() => store(key, value.value));
  return value;
}

/** Rules whose findings this browser leaves out. */
export const muted = kept<string[]>("muted", []);

/** The baseline that this browser chose, by the name of the logdir. */
export const pins = kept<Record<string, string>>("baselines", {});

function stored<Value>(key: string, initial: Value): Value {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(PREFIX + key) ?? "null");
    return isLike(found, initial) ? found : initial;
  } catch {
    return initial;
  }
}

function store(key: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // It holds until the page is left.
  }
}

/** Arrays and objects hold text; any other value has the type of the initial one. */
function isLike<Value>(found: unknown, initial: Value): found is Value {
  if (typeof found !== typeof initial || found === null) return false;
  if (typeof found !== "object") return true;
  if (Array.isArray(found) !== Array.isArray(initial)) return false;
  return Object.values(found).every((one) => typeof one === "string");
}
