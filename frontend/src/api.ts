// Talks to the plugin's server. Paths are relative: the frame's <base> is the plugin's root,
// whatever prefix TensorBoard is served under.

import { clock } from "./clock";
import { embedded, embeddedAnswer, embeddedPicture } from "./embedded";
import type { ErrorAnswer, Failure } from "./schema";

type Code = Failure["code"] | "unreachable" | "not_understood";

/** Why there is no answer; the message is one sentence for a person. */
export class Refused extends Error {
  constructor(
    readonly code: Code,
    message: string,
  ) {
    super(message);
  }
}

/** An answer and the tag that tells whether it is still the same next time. */
export interface Tagged<Answer> {
  answer: Answer;
  tag: string | null;
}

export function runPath(name: string): string {
  return `./run?${new URLSearchParams({ run: name })}`;
}

/** Objective and group as the server chooses them where they are not given. */
export function thresholdPath(
  run: string,
  objective: string | undefined,
  group: string | undefined,
): string {
  const wishes = Object.entries({ objective, group }).filter(([, value]) => value !== undefined);
  return `./threshold?${new URLSearchParams({ run, ...Object.fromEntries(wishes) })}`;
}

/** Runs against the first of them. */
export function comparePath(runs: readonly string[]): string {
  return `./compare?${new URLSearchParams(runs.map((run) => ["run", run]))}`;
}

/** Every run of the logdir against one. */
export function againstPath(baseline: string): string {
  return `./against?${new URLSearchParams({ baseline })}`;
}

/** What happened since: "12h", "3d", told by this browser's clock; against another baseline than that of runlens.yaml
 * where one is named, "" for none. */
export function digestPath(since: string, baseline: string | undefined): string {
  const zone = String(-new Date().getTimezoneOffset());
  const wish = baseline === undefined ? undefined : { baseline };
  return `./digest?${new URLSearchParams({ since, zone, ...wish })}`;
}

export function confusionPath(run: string): string {
  return `./confusion?${new URLSearchParams({ run })}`;
}

export function rulePath(rule: string): string {
  return `./rule?${new URLSearchParams({ id: rule })}`;
}

export function picturePath(run: string, id: string): string {
  const path = `./image?${new URLSearchParams({ run, id })}`;
  return embedded ? embeddedPicture(path) : path;
}

/** The same picture, at most so many pixels wide. */
export function smallPicturePath(run: string, id: string, width: number): string {
  const path = picturePath(run, id);
  return embedded ? path : `${path}&width=${width}`;
}

/** A file about these runs, about all of them where none is named. */
export function reportPath(runs: readonly string[], kind: string, format: string): string {
  const names = runs.map((run) => ["run", run]);
  return `./report?${new URLSearchParams([...names, ["kind", kind], ["format", format]])}`;
}

const PATIENCE_MS = 60_000;

/** Fetches an answer, or null when the server says that it still is what `tag` was given for. */
export async function ask<Answer extends { ok: true }>(
  path: string,
  tag: string | null,
): Promise<Tagged<Answer> | null> {
  if (embedded) return { answer: ofReport<Answer>(path), tag: null };
  const response = await send(path, tag);
  clock.setBy(response.headers.get("Date"));
  if (response.status === 304) return null;
  const answer = await understand<Answer>(response);
  if (!answer.ok) throw new Refused(answer.error.code, answer.error.message);
  return { answer, tag: response.headers.get("ETag") };
}

function ofReport<Answer>(path: string): Answer {
  const found = embeddedAnswer(path);
  if (found !== undefined) return found as Answer;
  throw new Refused(
    "not_found",
    "This is not in the report. RunLens' tab in TensorBoard has it, as long as the run is there.",
  );
}

async function send(path: string, tag: string | null): Promise<Response> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PATIENCE_MS);
  try {
    return await fetch(path, {
      headers: tag ? { "If-None-Match": tag } : {},
      signal: giveUp.signal,
    });
  } catch {
    throw new Refused("unreachable", "The TensorBoard server does not answer.");
  } finally {
    clearTimeout(timer);
  }
}

async function understand<Answer>(response: Response): Promise<Answer | ErrorAnswer> {
  const answer = await response.json().catch(() => null);
  if (answer?.ok || answer?.error?.code) return answer;
  throw new Refused(
    "not_understood",
    `The server answered with status ${response.status} and something that is not RunLens data.`,
  );
}
