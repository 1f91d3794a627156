// Asking who is signed in, and signing out.
import { ApiProblem } from "../../client/problem.ts";
import { send } from "../api/client.ts";
import { currentSession, end, type PersonSession, setPerson } from "./session.ts";

type Told = PersonSession | { person: null; member: null; members: []; impersonation: null; needs: null };

/** Asks the control plane again who the cookie's person is. */
export async function refreshSession(): Promise<void> {
  const told = await send<Told>("GET", "/v1/identity/session");
  if (!told.person) return setPerson(null);
  const [another] = told.members;
  // where he was he is no more
  const moved = !told.member && another ? { memberId: another.id } : undefined;
  setPerson(moved ? await send<PersonSession>("POST", "/v1/identity/session/member", { body: moved }) : told);
}

/** An API key is forgotten; a person's session is ended for good. Where that can't be told to the control plane it throws, and he is still signed in. */
export async function signOut(): Promise<void> {
  if (currentSession()?.by === "person")
    await send("POST", "/v1/identity/sign-out").catch((error: unknown) => {
      if (!(error instanceof ApiProblem && error.status === 401)) throw error;
    });
  end();
}
