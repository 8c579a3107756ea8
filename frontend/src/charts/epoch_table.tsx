import { Scroll } from "../components/scroll";
import type { Picture } from "./picture";

/** The numbers of a chart, for those who read numbers better than lines. */
export function EpochTable({ picture }: { picture: Picture }) {
  const { axis, epochs, lines, format } = picture;
  return (
    <Scroll label={`Values by ${axis}`}>
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col" class="numeric">
              {axis}
            </th>
            {lines.map(({ label }) => (
              <th scope="col" class="numeric" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {epochs.map((epoch, row) => (
            <tr key={epoch}>
              <th scope="row" class="numeric">
                {epoch}
              </th>
              {lines.map(({ label, values }) => (
                <td class="numeric" key={label}>
                  {format(values[row])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
