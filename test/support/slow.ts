// Tests that take long: whole pages of the console in a browser, the booted template, packages, several hosts at once. `npm test`, which is to take less than
// ten minutes on two processors, leaves them to `npm run test:slow`; CI runs both, and a file that is named runs in any case.

export const slow = [
  "test/docs/guides.test.ts",
  "test/engines/browser-phone.test.ts",
  "test/engines/first-run.test.ts",
  "test/engines/freeswitch/certificate.test.ts",
  "test/engines/freeswitch/conference.test.ts",
  "test/engines/freeswitch/feature-code.test.ts",
  "test/engines/freeswitch/front.test.ts",
  "test/engines/freeswitch/music.test.ts",
  "test/engines/freeswitch/others-call.test.ts",
  "test/engines/freeswitch/recording.test.ts",
  "test/engines/freeswitch/simulator.test.ts",
  "test/engines/front.test.ts",
  "test/engines/kamailio/certificate.test.ts",
  "test/engines/kamailio/failover.test.ts",
  "test/engines/kamailio/outage.test.ts",
  "test/engines/package.test.ts",
  "test/engines/pool.test.ts",
  "test/functions/edges/install.test.ts",
  "test/functions/killed-anywhere.test.ts",
  "test/infra/booted.test.ts",
  "test/infra/bundles.test.ts",
  "test/infra/cloudformation.test.ts",
  "test/infra/edge-host/host.test.ts",
  "test/infra/sst.test.ts",
  "test/scripts/build-edge.test.ts",
  "test/scripts/drill.test.ts",
  "test/web/account.test.ts",
  "test/web/audit.test.ts",
  "test/web/calls.test.ts",
  "test/web/first-run.test.ts",
  "test/web/flow.test.ts",
  "test/web/kinds.test.ts",
  "test/web/operator.test.ts",
  "test/web/portal.test.ts",
  "test/web/reference.test.ts",
  "test/web/security.test.ts",
];

/** Which files of some folders a run has: by the environment's PART `quick` or `slow`, or all. `folders` without their end. */
export function part(folders: string[], without: string[] = []): { include: string[]; exclude: string[] } {
  const named = process.env.PART;
  if (named === "slow")
    return {
      include: slow.filter(
        (file) =>
          folders.some((folder) => file.startsWith(folder)) && !without.some((folder) => file.startsWith(folder)),
      ),
      exclude: [],
    };
  return {
    include: folders.map((folder) => `${folder}**/*.test.ts`),
    exclude: [...without.map((folder) => `${folder}**`), ...(named === "quick" ? slow : [])],
  };
}
