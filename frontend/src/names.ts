// Which part of a name tells it from all others.

/** Where that part begins: the last one, and as many before it as it takes to be the only one. */
export function ownParts(names: readonly string[]): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  let open = [...names];
  for (let parts = 1; open.length > 0; parts++) {
    const seen = new Map<string, number>();
    for (const name of open) {
      const end = name.slice(startOf(name, parts));
      seen.set(end, (seen.get(end) ?? 0) + 1);
    }
    const settled = (name: string) => {
      const start = startOf(name, parts);
      return start === 0 || seen.get(name.slice(start)) === 1;
    };
    for (const name of open.filter(settled)) starts.set(name, startOf(name, parts));
    open = open.filter((name) => !settled(name));
  }
  return starts;
}

/** Where the last so many parts of a path begin. */
function startOf(name: string, parts: number): number {
  let start = name.length;
  for (let part = 0; part < parts && start > 0; part++) {
    start = name.lastIndexOf("/", start - 2) + 1;
  }
  return start;
}
