import type { ComponentChildren } from "preact";

interface Props {
  id: string;
  title: string;
  /** Behind the title. */
  note?: ComponentChildren;
  /** Further classes. */
  kind?: string;
  /** Controls beside the title. */
  tools?: ComponentChildren;
  children: ComponentChildren;
}

/** A part of a page under a heading of its own. */
export function Card({ id, title, note, kind = "", tools, children }: Props) {
  const headingId = `${id}-title`;
  const heading = (
    <h2 id={headingId}>
      {title}
      {note != null && <span class="muted"> {note}</span>}
    </h2>
  );
  return (
    <section class={`card ${kind}`} aria-labelledby={headingId}>
      {tools ? (
        <header class="card-head">
          {heading}
          {tools}
        </header>
      ) : (
        heading
      )}
      {children}
    </section>
  );
}
