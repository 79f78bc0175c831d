using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Variant;
using Polder.Formats;
using Xunit;

namespace Polder.Tests.Columns.Variant;

/// <summary>Variants as values: what parquet-testing made of every type, and what damage makes of them.</summary>
public sealed class VariantValueTests
{
    private static readonly string Folder = Corpus.Path("corpus", "parquet", "parquet-testing", "variant");

    [Fact]
    public void Every_type_of_the_specification_has_its_recorded_value()
    {
        using JsonDocument dictionary = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Folder, "data_dictionary.json")),
            new JsonDocumentOptions { AllowTrailingCommas = true });
        int count = 0;
        foreach (JsonProperty entry in dictionary.RootElement.EnumerateObject())
        {
            (byte[] metadata, byte[] value) = Load(entry.Name);
            new VariantValue(metadata, value).Check();
            Assert.Equal(Plain(entry.Name, entry.Value), Plain(entry.Name, ToJson(metadata, value)));
            count++;
        }

        Assert.True(count >= 28, $"only {count} values");
    }

    [Fact]
    public void What_a_writer_appends_is_byte_for_byte_what_was_there()
    {
        VariantWriter writer = new();
        foreach (string name in Names())
        {
            (byte[] metadata, byte[] value) = Load(name);
            writer.Clear();
            writer.Append(new VariantValue(metadata, value));
            Assert.Equal(ToJson(metadata, value).GetRawText(), ToJson(writer.Metadata, writer.Value).GetRawText());
            if (!name.StartsWith("object", StringComparison.Ordinal) && name != "array_nested")
            {
                // Ids are given in the order of keys here, and were given in another there.
                Assert.Equal(metadata, writer.Metadata.ToArray());
                Assert.Equal(value, writer.Value.ToArray());
            }
        }
    }

    [Fact]
    public void A_path_leads_to_a_part_or_says_that_there_is_none()
    {
        VariantWriter writer = new();
        VariantJson.Parse("""{"a":[1,{"b c":"x"}],"Ä":null}"""u8, writer);
        VariantValue root = new(writer.Metadata, writer.Value);
        Assert.True(VariantPath.Parse("$.a[1]['b c']").TryFind(root, out VariantValue found));
        Assert.Equal("x", found.GetString());
        Assert.True(VariantPath.Parse("$[\"Ä\"]").TryFind(root, out found));
        Assert.True(found.IsNull);
        Assert.True(VariantPath.Parse("$").TryFind(root, out found));
        Assert.Equal(2, found.Count);
        foreach (string missing in new[] { "$.b", "$[0]", "$.a.b", "$.a[2]", "$.a[0][0]", "$.A" })
        {
            Assert.False(VariantPath.Parse(missing).TryFind(root, out _), missing);
        }

        string[] others = ["", "a", "$.", "$..a", "$[", "$[]", "$[-1]", "$['a]", "$[*]", "$ .a", "$['']"];
        foreach (string wrong in others)
        {
            Assert.False(VariantPath.TryParse(wrong, out _), wrong);
        }
    }

    [Fact]
    public void Keys_of_large_objects_are_found_each()
    {
        string[] keys = [.. Enumerable.Range(0, 500).Select(index => $"k{index * 7919 % 500}é")];
        VariantWriter writer = new();
        writer.BeginObject();
        foreach (string key in keys)
        {
            writer.AppendKey(Encoding.UTF8.GetBytes(key));
            writer.AppendString(key);
        }

        writer.EndObject();
        VariantValue value = new(writer.Metadata, writer.Value);
        foreach (string key in keys)
        {
            Assert.True(value.TryGetField(Encoding.UTF8.GetBytes(key), out VariantValue field));
            Assert.Equal(key, field.GetString());
        }

        Assert.False(value.TryGetField("k"u8, out _));
    }

    [Fact]
    public void Misuse_is_told_at_once()
    {
        VariantWriter writer = new();
        Assert.Throws<InvalidOperationException>(() => writer.Value.Length);
        writer.BeginObject();
        Assert.Throws<InvalidOperationException>(() => writer.AppendInteger(1));
        writer.AppendKey("a"u8);
        Assert.Throws<InvalidOperationException>(() => writer.AppendKey("b"u8));
        Assert.Throws<InvalidOperationException>(writer.EndObject);
        writer.AppendNull();
        Assert.Throws<InvalidOperationException>(writer.EndArray);
        writer.AppendKey("a"u8);
        writer.AppendNull();
        Assert.Throws<ArgumentException>(writer.EndObject);
        writer.Clear();
        writer.AppendBoolean(true);
        Assert.Throws<InvalidOperationException>(writer.AppendNull);
        Assert.Throws<InvalidOperationException>(() => new VariantValue(writer.Metadata, writer.Value).GetInteger());
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.AppendDecimal(new VariantDecimal(1, 39)));
    }

    [Fact]
    public void Any_bytes_are_a_value_or_a_clean_error()
    {
        int seed = Environment.TickCount;
        Random random = new(seed);
        (byte[] Metadata, byte[] Value)[] sound = [.. Names().Select(Load)];
        for (int round = 0; round < 30_000; round++)
        {
            (byte[] metadata, byte[] value) = sound[random.Next(sound.Length)];
            metadata = Damage(metadata, random);
            value = Damage(value, random);
            try
            {
                new VariantValue(metadata, value).Check();
                ToJson(metadata, value);
                VariantWriter writer = new();
                writer.Append(new VariantValue(metadata, value));
                new VariantValue(writer.Metadata, writer.Value).Check();
            }
            catch (Exception exception) when (exception is CorruptFileException or UnsupportedFeatureException)
            {
            }
            catch (Exception exception)
            {
                Assert.Fail($"seed {seed}, round {round}: {Convert.ToHexString(metadata)} " +
                    $"{Convert.ToHexString(value)}: {exception}");
            }
        }
    }

    [Fact]
    public void Parts_that_lie_on_one_another_are_refused_before_they_multiply()
    {
        // Arrays of 200 elements that are all the next array: 200^60 values in 12 kB.
        List<byte> bytes = [0];
        for (int level = 0; level < 60; level++)
        {
            byte[] size = BitConverter.GetBytes(bytes.Count);
            bytes.InsertRange(0, [3 | (3 << 2), 200, .. new byte[800], .. size]);
        }

        CorruptFileException exception = Assert.Throws<CorruptFileException>(
            () => new VariantValue([1, 0, 0], [.. bytes]).Check());
        Assert.Contains("overlap", exception.Message, StringComparison.Ordinal);
        string deep = new string('[', 2000) + new string(']', 2000);
        Assert.ThrowsAny<JsonException>(() => VariantJson.Parse(Encoding.UTF8.GetBytes(deep), new VariantWriter()));
    }

    [Fact]
    public void A_column_is_read_where_it_lies()
    {
        VariantBuilder builder = (VariantBuilder)ColumnBuilder.Create(DataType.Variant);
        VariantWriter writer = new();
        for (int row = 0; row < 100; row++)
        {
            writer.Clear();
            writer.AppendInteger(row);
            if (row % 3 == 0)
            {
                builder.AppendNull();
            }
            else
            {
                builder.Append(writer.Metadata, writer.Value);
            }
        }

        StructArray array = (StructArray)builder.Build();
        VariantColumn column = VariantColumn.Of(ArrowArrayFactory.Slice(array, 10, 50));
        for (int row = 0; row < column.Length; row++)
        {
            Assert.Equal((row + 10) % 3 == 0, column.IsNull(row));
            Assert.Equal(row + 10, column.IsNull(row) ? row + 10 : column[row].GetInteger());
        }

        Assert.Throws<ArgumentException>(() => VariantColumn.Of(array.Fields[0]).Length);
    }

    private static IEnumerable<string> Names() => Directory.EnumerateFiles(Folder, "*.value")
        .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    private static (byte[] Metadata, byte[] Value) Load(string name) => (
        File.ReadAllBytes(Path.Combine(Folder, name + ".metadata")),
        File.ReadAllBytes(Path.Combine(Folder, name + ".value")));

    private static byte[] Damage(byte[] sound, Random random)
    {
        byte[] bytes = [.. sound];
        for (int times = random.Next(4); times > 0 && bytes.Length > 0; times--)
        {
            bytes[random.Next(bytes.Length)] = random.Next(3) == 0
                ? (byte)random.Next(256)
                : (byte)(bytes[random.Next(bytes.Length)] + random.Next(-1, 2));
        }

        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    private static JsonElement ToJson(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> value)
    {
        VariantBuilder builder = (VariantBuilder)ColumnBuilder.Create(DataType.Variant);
        builder.Append(metadata, value);
        ArrayBufferWriter<byte> output = new();
        using (Utf8JsonWriter json = new(output, RowJson.WriterOptions))
        {
            RowJson.WriteValue(json, builder.Build(), DataType.Variant, 0);
        }

        return JsonDocument.Parse(output.WrittenMemory, new JsonDocumentOptions { MaxDepth = 2000 }).RootElement;
    }

    /// <summary>A value as the dictionary spells it, which has no types.</summary>
    private static string Plain(string name, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object && json.GetPropertyCount() == 1 &&
            json.EnumerateObject().First() is { Name: ['$', ..] tag, Value: JsonElement inner })
        {
            return tag switch
            {
                "$decimal" => double.Parse(inner.GetString()!).ToString("R"),
                "$binary" => Convert.ToBase64String(Convert.FromHexString(inner.GetString()!)),
                "$time" => TimeSpan.FromMicroseconds(inner.GetInt64()).ToString(@"hh\:mm\:ss\:ffffff"),
                "$timestampNanos" or "$timestampNanosNtz" => Ticks(DateTime.UnixEpoch.AddTicks(inner.GetInt64() / 100)),
                "$timestamp" or "$timestampNtz" => Moment(inner.GetString()!),
                "$float" => inner.GetSingle().ToString("R"),
                _ => inner.GetString()!,
            };
        }

        return json.ValueKind switch
        {
            JsonValueKind.Object => $"{{{string.Join(",", json.EnumerateObject().OrderBy(
                field => field.Name, StringComparer.Ordinal).Select(
                field => $"{field.Name}:{Plain(name, field.Value)}"))}}}",
            JsonValueKind.Array => $"[{string.Join(",", json.EnumerateArray().Select(item => Plain(name, item)))}]",
            JsonValueKind.String when name.StartsWith("primitive_timestamp", StringComparison.Ordinal) =>
                Moment(json.GetString()!),
            JsonValueKind.Number when name == "primitive_float" => json.GetSingle().ToString("R"),
            JsonValueKind.Number => json.GetDouble().ToString("R"),
            _ => json.ToString(),
        };
    }

    private static string Moment(string text) => Ticks(
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcDateTime);

    private static string Ticks(DateTime moment) => $"{moment.Ticks / 10} µs";
}
