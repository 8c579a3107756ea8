import { capital } from "../words";

/** Texts of the server as running text, whether or not they come with a capital letter and a full stop. */
export function sentences(...texts: readonly string[]): string {
  return texts
    .filter(Boolean)
    .map((text) => capital(/[.!?]$/.test(text) ? text : `${text}.`))
    .join(" ");
}

/** A text that none of the others says already; else nothing. */
export function unsaid(text: string, ...others: readonly string[]): string {
  return others.some((other) => other.toLowerCase().includes(text.toLowerCase())) ? "" : text;
}

/** Which validation a panel is about. */
export function validatedText(validated: string): string {
  return validated && `validated: ${validated}`;
}
