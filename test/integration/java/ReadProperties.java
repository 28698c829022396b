import java.io.ByteArrayInputStream;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Reads one properties file a line from standard input (Base64 of its bytes) with java.util.Properties, from a stream as
 * Kafka does, and answers with one line: pairs of Base64 in UTF-16, or "malformed".
 */
public class ReadProperties {
    public static void main(String[] arguments) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        StringBuilder answers = new StringBuilder();
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            answers.append(answer(Base64.getDecoder().decode(line))).append('\n');
        }
        System.out.print(answers);
    }

    private static String answer(byte[] file) throws Exception {
        Properties properties = new Properties();
        try {
            properties.load(new ByteArrayInputStream(file));
        } catch (IllegalArgumentException malformed) {
            return "malformed";
        }
        StringBuilder answer = new StringBuilder();
        for (var entry : new TreeMap<Object, Object>(properties).entrySet()) {
            answer.append(encode(entry.getKey())).append('=').append(encode(entry.getValue())).append(' ');
        }
        return answer.toString();
    }

    private static String encode(Object text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(((String) text).getBytes(StandardCharsets.UTF_16LE));
    }
}
