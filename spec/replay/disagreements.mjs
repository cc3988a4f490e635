/** Recorded exchanges that the sandbox answers otherwise, each with the reason. One that agrees is a failure. */
export const disagreements = {
  "createOAuth2Session.ok-default-url-landing": "the recording server lacked the page; the sandbox has one",
  "createOAuth2Token.ok-default-url-landing": "the recording server lacked the page; the sandbox has one",
  "listUserDocuments.414-100-queries": "refused by an nginx in front of the recording server; the sandbox takes it",
  "getFilePreviewImage.500-opacity": "a fault of ImageMagick 6 on the recording server; stock 1.5.11 answers 200 too",
  "getFilePreviewImage.ok-rotation-minus": "libgd rotates into 80x80 dots, ImageMagick into 82x82",
  "createDocument.ok-relation-nested": "the sandbox has no relations between collections",
  "createDocument.400-relation-bad": "the sandbox has no relations between collections",
  "getDocumentById.ok-relation": "the sandbox has no relations between collections",
  "listUserDocuments.ok-relation-select": "the sandbox has no relations between collections",
  "misc.401-users-guest": "a route of the server API, which the sandbox does not have: 404",
  "misc.401-users-session": "a route of the server API, which the sandbox does not have: 404",
  "misc.401-bad-key": "a route of the server API, which the sandbox does not have: 404",
};
