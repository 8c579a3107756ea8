import { Toggle } from "./toggle";

interface Props {
  asTable: boolean;
  set: (asTable: boolean) => void;
}

/** Turns a chart into its numbers and back, at the end of a card's head. */
export function TableButton({ asTable, set }: Props) {
  return (
    <div class="card-tools">
      <Toggle text="View as table" on={asTable} set={set} />
    </div>
  );
}
