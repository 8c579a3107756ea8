/** The shape beside a word, so that nothing is told by colour alone. */
export function Shape({ children }: { children: string }) {
  return (
    <span class="shape" aria-hidden="true">
      {children}
    </span>
  );
}
