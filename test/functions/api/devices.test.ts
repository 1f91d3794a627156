import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newTenant, type TestControl, testControl } from "../../support/control.ts";

describe("rotating a device's password", () => {
  let control: TestControl;
  let path: string;
  beforeAll(async () => {
    control = await testControl();
    ({ path } = await newTenant(control));
    await control.call("POST", `${path}/extensions`, {
      number: "1001",
      devices: [{ username: "1001" }, { username: "1001-mobile" }],
    });
  });
  afterAll(() => control.stop());
  const names = async (): Promise<string[]> => {
    const { body } = await control.call("GET", `${path}/extensions/1001`);
    return (body.devices as unknown as { password: { secret: string } }[]).map(({ password }) => password.secret);
  };

  it("shows a new one once and leaves the other device's alone", async () => {
    const before = await names();
    const { status, body } = await control.call("POST", `${path}/extensions/1001/devices/1001-mobile/rotate`);
    expect(status).toBe(200);
    const [secret] = body.secrets as unknown as { pointer: string; value: string }[];
    expect(secret).toMatchObject({ pointer: "/devices/1/password", value: expect.stringMatching(/^\w{20}$/) });
    const after = await names();
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]?.replace("#1", "#2"));
    expect((await control.call("GET", `${path}/extensions/1001`)).text).not.toContain(secret?.value);
  });

  it("gives the first device's password in the sip block, and the same one again for the same Idempotency-Key", async () => {
    const again = { headers: { "idempotency-key": "rotate-1" } };
    const first = await control.call("POST", `${path}/extensions/1001/devices/1001/rotate`, undefined, again);
    const second = await control.call("POST", `${path}/extensions/1001/devices/1001/rotate`, undefined, again);
    expect((first.body.sip as unknown as { password: string }).password).toMatch(/^\w{20}$/);
    expect(second.text).toBe(first.text);
  });

  it("answers 404 for a device that is not there", async () => {
    expect((await control.call("POST", `${path}/extensions/1001/devices/nobody/rotate`)).status).toBe(404);
    expect((await control.call("POST", `${path}/extensions/1002/devices/1001/rotate`)).status).toBe(404);
  });
});
