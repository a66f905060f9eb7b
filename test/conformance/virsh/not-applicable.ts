/** Commands that cannot be compared here, each with the reason. */
export const NOT_APPLICABLE: Readonly<Record<string, string>> = Object.fromEntries(
  (
    "migrate migrate-setmaxdowntime migrate-getmaxdowntime migrate-compcache migrate-setspeed " +
    "migrate-getspeed migrate-postcopy"
  )
    .split(" ")
    .map((command) => [command, "migration comes later"]),
);
