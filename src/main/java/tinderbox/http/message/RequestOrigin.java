package tinderbox.http.message;

import tinderbox.security.auth.Principal;

/**
 * Where a request comes from.
 *
 * @param principal who sent it; null where anybody may call and it is not known
 * @param session the secret of the session that the browser says it has, or null
 * @param address of the machine that sent it, which may be a proxy
 * @param network what wrong tries are counted by
 * @param holder what a caller's share of a limit is counted by: its token, else the network
 * @param encrypted whether it came by TLS, here or, as it says, on its way
 * @param isPageLoad whether this server's own page asks for something to show, and sends no token
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
