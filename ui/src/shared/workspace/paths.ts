/** The last parts of a path, by which people know a folder: "harbor/services". */
export function tailOf(path: string, parts = 2): string {
  return path
    .split(/[\\/]+/)
    .filter(Boolean)
    .slice(-parts)
    .join("/");
}

/** The name that a clone of that address gets, as git would choose it. */
export function cloneName(url: string): string {
  const last = url
    .trim()
    .replace(/[\\/]+$/, "")
    .split(/[\\/:]/)
    .at(-1);
  return (last ?? "").replace(/\.git$/, "");
}

/** A folder inside another, with the separator that the outer one uses. */
export function joinPath(folder: string, name: string): string {
  const separator = folder.includes("\\") && !folder.includes("/") ? "\\" : "/";
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

/** Whether git could clone it: https, ssh, or `user@host:path`; never a helper such as `ext::`. */
export function isCloneAddress(url: string): boolean {
  const address = url.trim();
  return (
    /^(https?|ssh|git):\/\/[^\s/]+\/\S+$/.test(address) ||
    /^file:\/\/\/\S+$/.test(address) ||
    /^[\w.-]+@[\w.-]+:(?!:)\S+$/.test(address)
  );
}
