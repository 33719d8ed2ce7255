/* Events by libonvif's means. Its header declares eventSubscribe and eventRenew, its library has neither (1.4.4): what it does
   export is its login header, its HTTP and its parser, and with them a pull point is created and pulled.
   libonvif-events <device service> <event service> <user> <password>: prints the first IsMotion that changed. */
#include <libxml/xpath.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <onvif.h>

/* Exported, but commented out in the header. */
extern xmlDocPtr sendCommandToCamera(char *command, char *url);
extern void addUsernameDigestHeader(xmlNodePtr root, xmlNsPtr envelope, char *user, char *password, time_t offset);
extern void addHttpHeader(xmlDocPtr document, xmlNodePtr root, char *url, char *post, char command[], int length);
extern int getXmlValue(xmlDocPtr document, xmlChar *xpath, char value[], int length);

#define MOST_PULLS 60

static char *user, *password;
static time_t offset;

static xmlNodePtr operation(xmlNodePtr body, const char *name) {
  xmlNodePtr node = xmlNewTextChild(body, NULL, BAD_CAST name, NULL);
  xmlSetNs(node, xmlNewNs(node, BAD_CAST "http://www.onvif.org/ver10/events/wsdl", BAD_CAST "tev"));
  return node;
}

static xmlDocPtr call(char *url, const char *name, const char *timeout) {
  char command[8192] = "", post[1024];
  xmlDocPtr document = xmlNewDoc(BAD_CAST "1.0");
  xmlNodePtr root = xmlNewNode(NULL, BAD_CAST "Envelope");
  xmlDocSetRootElement(document, root);
  xmlNsPtr envelope = xmlNewNs(root, BAD_CAST "http://www.w3.org/2003/05/soap-envelope", BAD_CAST "s");
  xmlSetNs(root, envelope);
  addUsernameDigestHeader(root, envelope, user, password, offset);
  xmlNodePtr node = operation(xmlNewTextChild(root, envelope, BAD_CAST "Body", NULL), name);
  if (timeout) {
    xmlNewTextChild(node, node->ns, BAD_CAST "Timeout", BAD_CAST timeout);
    xmlNewTextChild(node, node->ns, BAD_CAST "MessageLimit", BAD_CAST "10");
  }
  snprintf(post, sizeof post, "%s", url);
  extractOnvifService(post, true);
  /* Frees the document. */
  addHttpHeader(document, root, url, post, command, sizeof command);
  return sendCommandToCamera(command, url);
}

int main(int argc, char **argv) {
  struct OnvifData *camera = calloc(1, sizeof *camera);
  char address[1024] = "", value[64] = "";
  if (argc < 5 || !camera) return 2;
  snprintf(camera->device_service, sizeof camera->device_service, "%s", argv[1]);
  snprintf(camera->xaddrs, sizeof camera->xaddrs, "%s", argv[1]);
  extractOnvifService(camera->device_service, true);
  user = argv[3];
  password = argv[4];
  if (getTimeOffset(camera)) return 3;
  offset = camera->time_offset;
  xmlDocPtr made = call(argv[2], "CreatePullPointSubscription", NULL);
  if (!made || getXmlValue(made, BAD_CAST "//*[local-name()='SubscriptionReference']/*[local-name()='Address']", address, sizeof address)) return 4;
  for (int pulls = 0; pulls < MOST_PULLS; pulls++) {
    xmlDocPtr heard = call(address, "PullMessages", "PT1S");
    if (!heard) return 5;
    if (!getXmlValue(heard, BAD_CAST "//*[@PropertyOperation='Changed']//*[@Name='IsMotion']/@Value", value, sizeof value)) {
      printf("IsMotion %s", value);
      return 0;
    }
  }
  return 6;
}
