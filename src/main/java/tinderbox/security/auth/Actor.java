package tinderbox.security.auth;

/**
 * Who changes tokens over the API.
 *
 * @param principal the admin
 * @param address the IP address that the request comes from
 * @param requestId the id of the request
 */
public record Actor(Principal principal, String address, String requestId) {}
