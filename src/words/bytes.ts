const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** An amount of bytes as a person would say it: `0 B`, `512 KiB`, `3.9 GiB`. Rounded down: room is never overstated. */
export function bytes(amount: number): string {
  let value = amount / 1024;
  if (value < 1) return `${amount} B`;
  for (const unit of UNITS) {
    if (value < 1024) return `${roundedDown(value)} ${unit}`;
    value /= 1024;
  }
  return `${roundedDown(value * 1024)} PiB`;
}

function roundedDown(value: number): string {
  return value < 10 ? String(Math.floor(value * 10) / 10) : String(Math.floor(value));
}
