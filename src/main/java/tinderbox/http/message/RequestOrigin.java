package tinderbox.http.message;

import tinderbox.security.auth.Principal;

/**
 * The origin of a request.
 *
 * @param principal who sent it, or null if the route is open and it is not known
 * @param session the session secret that the browser sent, or null
 * @param address the address of the machine that sent it, which may be a proxy
 * @param network the network that failed logins are counted by
 * @param holder the holder of slots of shared limits: the token, otherwise the network
 * @param encrypted true if it came over TLS, to this server or, according to its headers, to a proxy
 * @param isPageLoad true if the page of this server loads data without a token
 * @param line its method and path
 */
public record RequestOrigin(
        Principal principal,
        String session,
        String address,
        String network,
        String holder,
        boolean encrypted,
        boolean isPageLoad,
        String line) {}
