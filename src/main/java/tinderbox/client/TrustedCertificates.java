package tinderbox.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Trusts the certificates of a file, and no others. */
final class TrustedCertificates {
    private TrustedCertificates() {}

    /**
     * @param file one or more certificates, in PEM
     * @throws ClientException if the file has none
     */
    static SSLContext only(Path file) throws ClientException {
        try (InputStream pem = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca-" + count++, certificate);
            }
            if (count == 0) {
                throw noCertificates(file, null);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw noCertificates(file, e);
        }
    }

    private static ClientException noCertificates(Path file, Exception cause) {
        return new ClientException(
                ClientException.Reason.WRONG,
                "--cacert " + file + " is not a file with certificates in PEM that can be read; correct the path",
                cause);
    }
}
