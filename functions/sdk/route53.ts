// What is used of Route 53: loaded when it is first needed, from a bundle of its own (scripts/build-functions.ts).
export { ChangeResourceRecordSetsCommand, GetChangeCommand, Route53Client } from "@aws-sdk/client-route-53";
