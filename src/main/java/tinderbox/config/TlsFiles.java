package tinderbox.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Reads a certificate chain and its private key, in PEM. */
public final class TlsFiles {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    /** Signature algorithms by key algorithm. */
    private static final Map<String, String> ALGORITHMS =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "Ed25519", "Ed25519");

    /** The key store never leaves the memory. */
    private static final char[] PASSWORD = new char[0];

    private TlsFiles() {}

    /**
     * The context of a server with this certificate.
     *
     * @throws ConfigException if the files contain something else, or do not belong together
     */
    public static SSLContext read(Path chain, Path key) throws ConfigException {
        try (InputStream in = Files.newInputStream(chain)) {
            Certificate[] certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .toArray(Certificate[]::new);
            if (certificates.length == 0) {
                throw new ConfigException(List.of("--tls-cert: " + chain + " contains no certificate in PEM"));
            }
            PrivateKey privateKey = key(key, certificates[0].getPublicKey());
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setKeyEntry("tinderbox", privateKey, PASSWORD, certificates);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new ConfigException(List.of("--tls-cert, --tls-key: " + chain + " and " + key + " cannot be used ("
                    + e.getMessage() + "); they must be a chain and its key in PEM"));
        }
    }

    /** The key in a file, which must belong to a certificate. */
    private static PrivateKey key(Path file, PublicKey certified)
            throws IOException, GeneralSecurityException, ConfigException {
        Matcher matcher = KEY.matcher(Files.readString(file));
        if (!matcher.find()) {
            throw new ConfigException(
                    List.of("--tls-key: " + file + " contains no unencrypted key in PKCS#8; convert it"
                            + " with: openssl pkcs8 -topk8 -nocrypt -in " + file + " -out key.pem"));
        }
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
        for (Map.Entry<String, String> algorithm : ALGORITHMS.entrySet()) {
            try {
                PrivateKey key = KeyFactory.getInstance(algorithm.getKey()).generatePrivate(spec);
                if (belongTogether(key, certified, algorithm.getValue())) {
                    return key;
                }
            } catch (InvalidKeySpecException | InvalidKeyException e) {
                // It is a key of another algorithm.
            }
        }
        throw new InvalidKeySpecException("the key does not belong to the certificate");
    }

    private static boolean belongTogether(PrivateKey key, PublicKey certified, String algorithm)
            throws GeneralSecurityException {
        byte[] probe = {1};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(probe);
        return signature.verify(signed);
    }
}
