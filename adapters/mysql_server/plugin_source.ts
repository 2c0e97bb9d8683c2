/**
 * The authentication plugin of the emulator, in C: it asks for the password in clear text and lets a judge on a Unix
 * socket decide. It needs no headers of a server: one file holds the symbols that MySQL 8.0 and later look for
 * (mysql/plugin.h, plugin_auth.h) and those of MariaDB 10.4 and later.
 *
 * A question is `USER\0HOST\0TOKEN\0`, one connection each; the answer is one byte, `1` to let the user in. The socket is
 * named by `RDSIAM_JUDGE` in the server's environment.
 */
export const PLUGIN_SOURCE = String.raw`
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/socket.h>
#include <sys/un.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* macOS has SO_NOSIGPIPE instead */
#endif
#define CR_OK (-1)
#define CR_ERROR 0
#define EXPORT __attribute__((visibility("default")))

typedef struct vio {
  int (*read_packet)(struct vio *, unsigned char **);
  int (*write_packet)(struct vio *, const unsigned char *, int);
  void (*info)(struct vio *, void *);
} VIO;

/* MYSQL_SERVER_AUTH_INFO: both servers' begin alike; then come buffers of different sizes, and the rest lies elsewhere. */
struct info_head {
  char *user; unsigned int user_length;
  const char *auth; unsigned long auth_length;
};
struct mysql_info {
  struct info_head head; char as[97]; char external[512];
  int password_used; const char *host; unsigned int host_length;
};
struct maria_info {
  struct info_head head; char as[513]; char external[513];
  int password_used; const char *host; unsigned int host_length;
};
struct host { const char *name; unsigned int length; };

static int send_all(int fd, const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t count = send(fd, at, length, MSG_NOSIGNAL);
    if (count <= 0) return 0;
    at += count;
    length -= count;
  }
  return 1;
}

static int ask(const char *path, const struct info_head *head, struct host host,
               const char *token, size_t token_length) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  char answer = '0';
  if (!path || strlen(path) >= sizeof address.sun_path) return 0;
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0) return 0;
#ifdef SO_NOSIGPIPE
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
  int asked = !connect(fd, (struct sockaddr *)&address, sizeof address) &&
    send_all(fd, head->user, head->user_length) && send_all(fd, "", 1) &&
    send_all(fd, host.name, host.length) && send_all(fd, "", 1) &&
    send_all(fd, token, token_length) && send_all(fd, "", 1);
  if (asked && read(fd, &answer, 1) != 1) answer = '0';
  close(fd);
  return answer == '1';
}

static int authenticate(VIO *vio, struct info_head *head, struct host host) {
  unsigned char *packet;
  int length = vio->read_packet(vio, &packet);
  if (length < 1) return CR_ERROR;
  if (head->auth_length != 3 || memcmp(head->auth, "RDS", 3)) return CR_ERROR;
  size_t token_length = strnlen((char *)packet, length);
  return ask(getenv("RDSIAM_JUDGE"), head, host, (char *)packet, token_length) ? CR_OK : CR_ERROR;
}

static int authenticate_mysql(VIO *vio, struct mysql_info *info) {
  struct host host = {info->host, info->host_length};
  info->password_used = 1;
  return authenticate(vio, &info->head, host);
}

static int authenticate_maria(VIO *vio, struct maria_info *info) {
  struct host host = {info->host, info->host_length};
  info->password_used = 1;
  return authenticate(vio, &info->head, host);
}

/* MySQL asks for these. A password of IDENTIFIED BY is refused, lest it be kept in clear; what AS names stays as it is. */
static int refuse_password(char *out, unsigned int *out_length, const char *in, unsigned int in_length) {
  (void)out; (void)out_length; (void)in; (void)in_length;
  return 1;
}

static int accept_string(char *const text, unsigned int length) {
  (void)text; (void)length;
  return 0;
}

static int set_salt(const char *text, unsigned int length, unsigned char *salt, unsigned char *salt_length) {
  (void)text; (void)length; (void)salt;
  *salt_length = 0;
  return 0;
}

static struct {
  int version; const char *client;
  int (*authenticate)(VIO *, struct mysql_info *);
  int (*generate)(char *, unsigned int *, const char *, unsigned int);
  int (*validate)(char *const, unsigned int);
  int (*set_salt)(const char *, unsigned int, unsigned char *, unsigned char *);
  unsigned long flags; void *compare;
} mysql_auth = {0x0201, "mysql_clear_password", authenticate_mysql, refuse_password, accept_string, set_salt, 0, 0};

static struct {
  int version; const char *client;
  int (*authenticate)(VIO *, struct maria_info *);
  void *hash_password, *preprocess_hash;
} maria_auth = {0x0202, "mysql_clear_password", authenticate_maria, 0, 0};

#define AUTHENTICATION 7
#define LICENSE_GPL 1
#define GAMMA 4 /* the least mature kind that MariaDB loads unless told otherwise */

struct mysql_plugin {
  int type; void *info; const char *name, *author, *description; int license;
  void *init, *check_uninstall, *deinit; unsigned int version;
  void *status, *variables, *reserved; unsigned long flags;
};
EXPORT int _mysql_plugin_interface_version_ = 0x010b;
EXPORT int _mysql_sizeof_struct_st_plugin_ = sizeof(struct mysql_plugin);
EXPORT struct mysql_plugin _mysql_plugin_declarations_[] = {
  {AUTHENTICATION, &mysql_auth, "AWSAuthenticationPlugin", "rdsiam", "Stand-in for the plugin of RDS", LICENSE_GPL,
   0, 0, 0, 0x100, 0, 0, 0, 0},
  {0}};

struct maria_plugin {
  int type; void *info; const char *name, *author, *description; int license;
  void *init, *deinit; unsigned int version;
  void *status, *variables; const char *version_text; unsigned int maturity;
};
EXPORT int _maria_plugin_interface_version_ = 0x010a;
EXPORT int _maria_sizeof_struct_st_plugin_ = sizeof(struct maria_plugin);
EXPORT struct maria_plugin _maria_plugin_declarations_[] = {
  {AUTHENTICATION, &maria_auth, "AWSAuthenticationPlugin", "rdsiam", "Stand-in for the plugin of RDS", LICENSE_GPL,
   0, 0, 0x100, 0, 0, "1.0", GAMMA},
  {0}};
`;
