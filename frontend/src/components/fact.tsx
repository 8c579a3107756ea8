// A name and its value, as an entry of a description list.

import type { ComponentChildren } from "preact";

export function Fact({ name, value }: { name: string; value: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
