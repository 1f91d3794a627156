// What is used of STS: loaded when it is first needed, from a bundle of its own (scripts/build-functions.ts).
export { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
