// Where the user is, kept in the address as TensorBoard's other plugins do
// (#runlens&p.runlens.v=run&p.runlens.run=NAME), so that links, reload and the back button work.

import { computed, signal } from "@preact/signals";
import { embedded } from "./embedded";
import { outer } from "./host";

export type Key =
  // which page, and what it is about
  | "v"
  | "run"
  | "runs"
  | "tab"
  // the Runs page
  | "q"
  | "show"
  | "sort"
  | "columns"
  | "by"
  // what was chosen on the page of one run or of a comparison
  | "loss"
  | "group"
  | "objective"
  | "conf"
  | "cls"
  | "pic"
  | "mode"
  | "x";
type Place = Readonly<Partial<Record<Key, string>>>;

const TAB = "runlens";
const PREFIX = `p.${TAB}.`;
const STORED = `${TAB}.place`;

/** What is in the address, each key without its prefix. */
export const place = signal<Place>(read());

/** The run whose page is open, or null on the Runs page. */
export const openedRun = computed(() =>
  place.value.v === "run" ? (place.value.run ?? null) : null,
);

/** Changes some keys, null removing one; `entry` says whether the back button returns from here. */
export function go(changes: Partial<Record<Key, string | null>>, entry: "push" | "replace"): void {
  const next: Partial<Record<Key, string>> = { ...place.peek() };
  for (const key of Object.keys(changes) as Key[]) {
    const value = changes[key];
    if (value) next[key] = value;
    else delete next[key];
  }
  place.value = next;
  write(next, entry);
}

/** The runs of the comparison that is open, the baseline first; null on other pages. */
export const compared = computed(() => (place.value.v === "compare" ? readRuns() : null));

/** What was chosen on the page of one run or of a comparison. */
const CHOSEN = {
  tab: null,
  loss: null,
  group: null,
  objective: null,
  conf: null,
  cls: null,
  pic: null,
  mode: null,
  x: null,
};

export function openRun(name: string, tab: string | null = null): void {
  go({ ...CHOSEN, v: "run", run: name, runs: null, tab }, "push");
}

export function openRuns(): void {
  go({ ...CHOSEN, v: null, run: null, runs: null }, "push");
}

/** Names may hold any character, so that only JSON tells one from the next. */
export function openComparison(names: readonly string[]): void {
  go({ ...CHOSEN, v: "compare", run: null, runs: JSON.stringify(names) }, "push");
}

function readRuns(): string[] {
  try {
    const names: unknown = JSON.parse(place.value.runs ?? "");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

export function followAddress(): void {
  const follow = () => {
    // Another tab's address says nothing about this one.
    if (["", TAB].includes(pieces()[0] ?? "")) place.value = read();
  };
  outer.addEventListener("hashchange", follow);
  window.addEventListener("pagehide", () => outer.removeEventListener("hashchange", follow));
}

function pieces(): string[] {
  return outer.location.hash.slice(1).split("&");
}

function read(): Place {
  let own = pieces().filter((piece) => piece.startsWith(PREFIX));
  if (own.length === 0 && !addressIsLasting()) own = stored().split("&");
  if (embedded && own.length === 0) return embedded.start;
  const values = new URLSearchParams(own.map((piece) => piece.slice(PREFIX.length)).join("&"));
  return Object.fromEntries(values);
}

function write(next: Place, entry: "push" | "replace"): void {
  const own = Object.entries(next).map(([key, value]) =>
    // TensorBoard decodes %20 but not the plus sign.
    new URLSearchParams([[PREFIX + key, value]]).toString().replace(/\+/g, "%20"),
  );
  const foreign = pieces().filter((piece) => piece && piece !== TAB && !piece.startsWith(PREFIX));
  const { history, location } = outer;
  // The whole address, because the frame's <base> would turn a bare #hash into another page.
  const address = `${location.pathname}${location.search}#${[TAB, ...foreign, ...own].join("&")}`;
  try {
    if (entry === "push") history.pushState(history.state, "", address);
    else history.replaceState(history.state, "", address);
    if (!addressIsLasting()) sessionStorage.setItem(STORED, own.join("&"));
  } catch {
    // The page goes on; only its address does not follow.
  }
}

/** A frame whose parent is out of reach loses its address when the page around it reloads. */
function addressIsLasting(): boolean {
  return outer !== window || isTop();
}

function isTop(): boolean {
  try {
    return window.parent === window;
  } catch {
    return false;
  }
}

function stored(): string {
  try {
    return sessionStorage.getItem(STORED) ?? "";
  } catch {
    return "";
  }
}
