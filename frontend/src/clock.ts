// Ages are told by the server's clock, which wrote the times of the files.

import { signal } from "@preact/signals";
import { visible } from "./host";

const seconds = signal(Date.now() / 1000);
let ahead = 0;

function tick(): void {
  if (visible.peek()) seconds.value = Date.now() / 1000 + ahead;
}

setInterval(tick, 1000);

export const clock = {
  /** Seconds since 1970; read inside a component it keeps the component up to date. */
  get now(): number {
    return seconds.value;
  },

  /** Follows a server's Date header, whose resolution of a second is ignored. */
  setBy(date: string | null): void {
    const theirs = Date.parse(date ?? "") / 1000;
    if (!Number.isFinite(theirs)) return;
    const difference = theirs - Date.now() / 1000;
    ahead = Math.abs(difference) > 2 ? difference : 0;
    tick();
  },
};
