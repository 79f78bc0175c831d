using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns.Variant;
using Polder.Files;
using Polder.Storage;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Parquet.Conformance;

/// <summary>
/// Shredded variants: the files of parquet-testing with the variants that were shredded beside them, value by value and
/// type by type.
/// </summary>
public sealed class ShreddedVariantTests
{
    [Fact]
    public async Task Shredded_variants_are_what_they_were_before()
    {
        List<string> failures = [];
        int rowCount = 0;
        foreach (CorpusFile file in CorpusFile.All().Where(file => file.Expected.TryGetProperty("variant", out _)))
        {
            JsonElement variant = file.Expected.GetProperty("variant");
            string expect = variant.GetProperty("expect").GetString()!;
            try
            {
                List<RecordBatch> batches = await ReadAsync(file.FilePath);
                if (expect == "error")
                {
                    failures.Add($"{file}: read, expected {variant.GetProperty("errorMessage")}");
                    continue;
                }

                rowCount += Compare(file, variant, batches.Single(), failures);
            }
            catch (Exception exception) when (expect != "ok" &&
                exception is CorruptFileException or UnsupportedFeatureException)
            {
            }
            catch (Exception exception)
            {
                failures.Add($"{file}: {exception.GetType().Name} {exception.Message}");
            }
        }

        Counted.Say($"Shredded variants: {rowCount} equal to what was shredded, in value and type");
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        Assert.True(rowCount >= 100);
    }

    private static int Compare(CorpusFile file, JsonElement variant, RecordBatch batch, List<string> failures)
    {
        string folder = Path.GetDirectoryName(file.FilePath)!;
        VariantColumn column = VariantColumn.Of(batch.Column("var"));
        Assert.Equal(variant.GetProperty("files").GetArrayLength(), batch.Length);
        for (int row = 0; row < batch.Length; row++)
        {
            string? name = variant.GetProperty("files")[row].GetString();
            string expected = name is null ? "null" : Describe(Split(File.ReadAllBytes(Path.Combine(folder, name))));
            string actual = column.IsNull(row) ? "null" : Describe(column[row]);
            if (expected != actual)
            {
                failures.Add($"{file}, row {row}: {actual}, expected {expected}");
            }

            if (!column.IsNull(row))
            {
                column[row].Check();
            }
        }

        return batch.Length;
    }

    /// <summary>A dictionary and a value back to back.</summary>
    private static VariantValue Split(ReadOnlySpan<byte> bytes)
    {
        int offsetBytes = (bytes[0] >> 6) + 1;
        int count = Number(bytes[1..], offsetBytes);
        int end = 1 + ((count + 2) * offsetBytes);
        end += Number(bytes[(end - offsetBytes)..], offsetBytes);
        return new VariantValue(bytes[..end], bytes[end..]);

        static int Number(ReadOnlySpan<byte> from, int width)
        {
            int number = 0;
            for (int index = width - 1; index >= 0; index--)
            {
                number = (number << 8) | from[index];
            }

            return number;
        }
    }

    /// <summary>A value with all its types, fields by name.</summary>
    private static string Describe(VariantValue value)
    {
        switch (value.Kind)
        {
            case VariantKind.Object:
                List<string> fields = [];
                for (int index = 0; index < value.Count; index++)
                {
                    fields.Add($"{Convert.ToHexString(value.KeyAt(index))}: {Describe(value[index])}");
                }

                return $"{{{string.Join(", ", fields)}}}";
            case VariantKind.Array:
                List<string> elements = [];
                for (int index = 0; index < value.Count; index++)
                {
                    elements.Add(Describe(value[index]));
                }

                return $"[{string.Join(", ", elements)}]";
            case VariantKind.Decimal:
                return $"Decimal {value.GetDecimal()}";
            case VariantKind.String:
                return $"String {value.GetString()}";
            default:
                return $"{value.Kind} {Convert.ToHexString(value.Value)}";
        }
    }

    private static async Task<List<RecordBatch>> ReadAsync(string path)
    {
        MemoryStore store = new();
        StorePath name = new("file.parquet");
        await store.PutAsync(name, await File.ReadAllBytesAsync(path), PutMode.Create);
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(new Engine(), store, name);
        return await reader.ReadAsync().ToListAsync();
    }
}
