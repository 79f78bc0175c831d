using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace Polder.Delta.Actions;

/// <summary>
/// Values of the log's JSON, each read with the reader standing on its first token. A null value is null; a value of
/// another type is a <see cref="JsonException"/>.
/// </summary>
internal static class JsonTokens
{
    /// <summary>Moves to the value of an object's next property; false at the object's end.</summary>
    public static bool ReadProperty(this ref Utf8JsonReader json, out string name)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.EndObject)
        {
            name = "";
            return false;
        }

        name = json.GetString()!;
        json.Read();
        return true;
    }

    public static void ReadExpected(this ref Utf8JsonReader json, JsonTokenType type)
    {
        json.Read();
        json.Expect(type);
    }

    public static void Expect(this ref Utf8JsonReader json, JsonTokenType type)
    {
        if (json.TokenType != type)
        {
            throw new JsonException($"{type} was expected, found {json.TokenType}");
        }
    }

    public static string? GetText(this ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => json.GetString(),
        _ => throw new JsonException($"text was expected, found {json.TokenType}"),
    };

    public static long? GetLong(this ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.Number when json.TryGetInt64(out long value) => value,
        JsonTokenType.Number when json.TryGetDecimal(out decimal value) && decimal.IsInteger(value) &&
            value is >= long.MinValue and <= long.MaxValue => (long)value,
        _ => throw new JsonException($"a whole number was expected, found {json.GetRaw()}"),
    };

    public static bool? GetFlag(this ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw new JsonException($"true or false was expected, found {json.TokenType}"),
    };

    public static List<string>? GetTexts(this ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        json.Expect(JsonTokenType.StartArray);
        List<string> texts = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(json.GetText() ?? throw new JsonException("an item of a list of texts is null"));
        }

        return texts;
    }

    /// <summary>An object as a map; values that are no texts are kept as their JSON text.</summary>
    public static Dictionary<string, string?>? GetMap(this ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        json.Expect(JsonTokenType.StartObject);
        Dictionary<string, string?> map = [];
        while (json.ReadProperty(out string name))
        {
            map[name] = json.TokenType is JsonTokenType.String or JsonTokenType.Null ? json.GetText() : json.GetRaw();
        }

        return map;
    }

    /// <summary>The JSON text of a whole value; the reader stands on its last token afterwards.</summary>
    public static string GetRaw(this ref Utf8JsonReader json)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref json);
        return document.RootElement.GetRawText();
    }

    /// <summary>The text that a JSON string stands for; null where the JSON is something else.</summary>
    public static string? ParseText(string json)
    {
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(json), isFinalBlock: true, default);
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }
}
