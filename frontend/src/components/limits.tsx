/** What a number must be, beside a box where it is not. */
export function Limits({ min, max }: { min: number; max: number }) {
  return (
    <span class="limits" role="alert">
      from {min} to {max}
    </span>
  );
}
