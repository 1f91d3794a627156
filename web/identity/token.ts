// The token of a link in a mail: it stands after `#`, of which no server is told.
export const linkToken = (): string => location.hash.slice(1);
