package tinderbox.common;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;

/** The loopback address of this machine. */
public final class LoopbackAddress {
    private static final String IPV4 = "127.0.0.1";
    private static final String IPV6 = "::1";

    private LoopbackAddress() {}

    /** 127.0.0.1, or ::1 on a machine that has only that. */
    public static String address() {
        return !exists(IPV4) && exists(IPV6) ? IPV6 : IPV4;
    }

    private static boolean exists(String address) {
        try {
            return NetworkInterface.getByInetAddress(InetAddress.getByName(address)) != null;
        } catch (SocketException | UnknownHostException e) {
            return false;
        }
    }
}
