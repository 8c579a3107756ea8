import { Card } from "../components/card";
import { ItemTable } from "../components/item_table";
import { lossFormat, number } from "../format";
import type { LossSize } from "../schema";
import { lossWord } from "../words";
import type { Panel, PanelProps } from "./panel";

export const lossSizes: Panel = { id: "loss-sizes", place: "side", Content: LossSizes };

/** The guide's words for the validation losses. They are guidance: no verdict depends on them. */
function LossSizes({ run }: PanelProps) {
  const sizes = run.loss_sizes;
  if (sizes.length === 0) return null;
  const text = lossFormat(sizes.map(({ value }) => value));
  return (
    <Card id="loss-sizes" title="Sizes of the losses">
      <ItemTable
        label="Sizes of the validation losses"
        kind="statistics plain"
        caption={
          `Validation, ${run.axis} ${run.epochs.best}. The limits are those of ${sizes[0]?.source}, ` +
          "for this run's gains: a rule of thumb, on which no verdict depends."
        }
        columns={[
          { title: "loss", cell: ({ component }) => lossWord(component) },
          { title: "value", numeric: true, cell: ({ value }) => text(value) },
          { title: "usual", numeric: true, cell: usual },
          { title: "gain", numeric: true, cell: ({ gain }) => number(gain) },
          { title: "size", numeric: true, cell: ({ said }) => said },
        ]}
        items={sizes}
        keyOf={({ component }) => component}
      />
    </Card>
  );
}

const usual = ({ low, high }: LossSize): string =>
  low === null ? `< ${number(high)}` : `${number(low)}–${number(high)}`;
