// Single facts as text, wherever they stand.

import { useComputed } from "@preact/signals";
import { clock } from "../clock";
import { age, clockTime, MISSING, moment } from "../format";

/** A dash that says what is missing. */
export function Missing({ what = "not recorded" }: { what?: string }) {
  return (
    <span class="muted" title={what}>
      <span aria-hidden="true">{MISSING}</span>
      <span class="unseen">{what}</span>
    </span>
  );
}

/** "3 min ago", kept up to date. */
export function Age({ at }: { at: number }) {
  return <Moment at={at} said={(now) => age(now - at)} />;
}

/** "07:40", with the day as long as that is not today. */
export function ClockTime({ at }: { at: number }) {
  return <Moment at={at} said={(now) => clockTime(at, now)} />;
}

function Moment({ at, said }: { at: number; said: (now: number) => string }) {
  const text = useComputed(() => said(clock.now));
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={moment(at)}>
      {text}
    </time>
  );
}

interface NameProps {
  name: string;
  logdir?: string | undefined;
  /** Where the prominent part begins, if that is not the last one. */
  ownFrom?: number;
}

/** Folders muted and the last part prominent; a name is a stranger's text, hence the isolation. */
export function RunName({ name, logdir, ownFrom }: NameProps) {
  const shown = name === "." && logdir ? lastPart(logdir) : name;
  const end = ownFrom ?? shown.lastIndexOf("/") + 1;
  return (
    <bdi class="run-name" title={shown}>
      {end > 0 && <span class="folder">{shown.slice(0, end)}</span>}
      <span class="leaf">{shown.slice(end)}</span>
    </bdi>
  );
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).pop() ?? path;
}

/** Where a value may lie, behind it. */
export function Interval({ text }: { text: string }) {
  return (
    <span class="at interval">
      <span class="unseen">, 95 % interval </span>
      {text}
    </span>
  );
}
