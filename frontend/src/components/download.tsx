/** A file made on the page, saved when the button is pressed. */
export function Download({
  name,
  text,
  children,
}: {
  name: string;
  text: () => string;
  children: string;
}) {
  return (
    <button type="button" onClick={() => save(safeName(name), text())}>
      {children}
    </button>
  );
}

/** Long enough for every browser to have taken the file over. */
const KEPT_MS = 10_000;

function save(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

const LONGEST_NAME = 120;

/** A run's name is a path, and its characters are a stranger's. */
function safeName(name: string): string {
  return name
    .replace(/[^\w.-]+/g, "_")
    .slice(-LONGEST_NAME)
    .replace(/^[._-]+/, "");
}
