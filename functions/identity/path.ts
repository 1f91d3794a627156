/** All paths of identity begin so, and no others do. */
export const identityPath = "/v1/identity/";
