import { Card } from "./card";

/** A part that has nothing to show of this run, and why. */
export function Nothing({ id, title, why }: { id: string; title: string; why: string }) {
  return (
    <Card id={id} title={title}>
      <p class="muted">{why}</p>
    </Card>
  );
}
