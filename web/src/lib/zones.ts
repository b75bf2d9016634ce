let known: { value: string; label: string }[] | undefined;

/** The zones that the browser knows. */
function timeZones() {
  known ??= ['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => ({
    value: zone,
    label: zone.replaceAll('_', ' '),
  }));
  return known;
}

/** The browser's own names of a zone can be old ones, so the one in use is added when it lacks. */
export function timeZonesWith(zone: string | undefined) {
  const zones = timeZones();
  return !zone || zones.some((one) => one.value === zone) ? zones : [{ value: zone, label: zone }, ...zones];
}
