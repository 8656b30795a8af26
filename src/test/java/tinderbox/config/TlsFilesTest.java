package tinderbox.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.SelfSignedCertificate;

class TlsFilesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void aChainAndItsKeyAreRead(String algorithm) throws Exception {
        SelfSignedCertificate own = new SelfSignedCertificate(folder, algorithm);

        assertEquals("TLS", TlsFiles.read(own.chain(), own.key()).getProtocol());
    }

    @Test
    void aBadChainOrKeyIsReportedWithWhatToDo() throws Exception {
        SelfSignedCertificate rsa = new SelfSignedCertificate(folder, "RSA");
        SelfSignedCertificate ec = new SelfSignedCertificate(folder, "EC");
        Path old = Files.writeString(folder.resolve("old.pem"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA");

        assertTrue(problem(rsa.key(), rsa.key()).contains("chain and its key"));
        assertTrue(problem(rsa.chain(), old).contains("openssl pkcs8 -topk8"));
        assertTrue(problem(rsa.chain(), ec.key()).contains("chain and its key"));
    }

    private static String problem(Path chain, Path key) {
        return assertThrows(ConfigException.class, () -> TlsFiles.read(chain, key))
                .problems()
                .get(0);
    }
}
