import java.lang.reflect.Field;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;

/** Prints the broker settings of the release on the class path, one a line: name, type, default, valid values. */
public class BrokerSettings {
    public static void main(String[] arguments) throws Exception {
        ConfigDef definition = definition();
        Map<String, ConfigDef.ConfigKey> keys = new TreeMap<>(definition.configKeys());
        for (ConfigDef.ConfigKey key : keys.values()) {
            if (key.internalConfig) continue;
            Object value = key.defaultValue;
            String text = !key.hasDefault() ? "required" : "=" + ConfigDef.convertToString(value, key.type);
            // A validator without words of its own prints its identity, which differs from run to run.
            String valid = key.validator == null ? "" : key.validator.toString().replaceAll("@[0-9a-f]+$", "");
            System.out.println(String.join("\t", key.name, key.type.name().toLowerCase(), text, valid.replaceAll("\\s+", " ")));
        }
    }

    /** Up to 2.8 the definition is a private field of the Scala object; later there is a method. */
    private static ConfigDef definition() throws ReflectiveOperationException {
        try {
            return (ConfigDef) Class.forName("kafka.server.KafkaConfig").getMethod("configDef").invoke(null);
        } catch (NoSuchMethodException early) {
            Object module = Class.forName("kafka.server.KafkaConfig$").getField("MODULE$").get(null);
            Field field = module.getClass().getDeclaredField("configDef");
            field.setAccessible(true);
            return (ConfigDef) field.get(module);
        }
    }
}
