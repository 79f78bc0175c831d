using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Delta.Actions;
using Polder.Delta.Log;
using Polder.Delta.Protocol;
using Polder.Files;
using Polder.Storage;

namespace Polder.Delta.Scan;

/// <summary>The rows of a data file that a deletion vector takes out, by position in the file.</summary>
internal static class DeletedRows
{
    private const int UuidCharacters = 20;
    private const int FrameBytes = 2 * sizeof(int);

    /// <summary>The deleted rows of a file of a snapshot; null where it has none.</summary>
    /// <exception cref="CorruptFileException">The vector is missing, damaged, or not what the log says.</exception>
    public static async ValueTask<RowMask?> LoadAsync(
        Snapshot snapshot, int file, long rowCount, CancellationToken cancellationToken)
    {
        if (!FeatureGate.HasDeletionVectors(snapshot.Protocol))
        {
            return null;
        }

        byte[]? deleted = snapshot.State.Files.GetVector(file) is DeletionVectorDescriptor vector
            ? await LoadAsync(snapshot, vector, rowCount, cancellationToken).ConfigureAwait(false)
            : null;
        if (snapshot.State.Files.GetChosenRows(file) is DeletionVectorDescriptor chosenRows)
        {
            byte[] chosen = await LoadAsync(snapshot, chosenRows, rowCount, cancellationToken).ConfigureAwait(false);
            deleted ??= new byte[chosen.Length];
            for (int index = 0; index < deleted.Length; index++)
            {
                deleted[index] |= (byte)~chosen[index];
            }
        }

        return deleted is null ? null : new RowMask(deleted, rowCount);
    }

    /// <summary>The rows of a vector, a bit for each row of its file.</summary>
    private static async ValueTask<byte[]> LoadAsync(
        Snapshot snapshot, DeletionVectorDescriptor vector, long rowCount, CancellationToken cancellationToken)
    {
        string location = $"{snapshot.Locator.Store.Root}, deletion vector {vector.UniqueId}";
        try
        {
            byte[] bits = new byte[(rowCount + 7) / 8];
            long count = vector.StorageType == "i"
                ? RoaringBitmap.Decode(DecodeInline(vector), bits, rowCount)
                : await DecodeFileAsync(snapshot, vector, bits, rowCount, cancellationToken).ConfigureAwait(false);
            return count == vector.Cardinality ? bits : throw new CorruptFileException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the deletion vector has {count} rows, the log says {vector.Cardinality}"));
        }
        catch (CorruptFileException exception)
        {
            throw exception.In(location);
        }
        catch (StoreException exception) when (exception.Failure == StoreFailure.NotFound)
        {
            throw new CorruptFileException("the deletion vector's file is gone", location, innerException: exception);
        }
    }

    private static ReadOnlySpan<byte> DecodeInline(DeletionVectorDescriptor vector)
    {
        byte[]? bytes = Z85.Decode(vector.PathOrInline);
        return bytes is null || bytes.Length < vector.SizeBytes || vector.SizeBytes < 0
            ? throw new CorruptFileException("the inline deletion vector is no Z85 text of its size")
            : bytes.AsSpan(0, vector.SizeBytes);
    }

    private static async ValueTask<long> DecodeFileAsync(
        Snapshot snapshot,
        DeletionVectorDescriptor vector,
        byte[] bits,
        long rowCount,
        CancellationToken cancellationToken)
    {
        (IObjectStore store, StorePath path) = snapshot.Locator.Locate(FindPath(vector));
        if (vector.SizeBytes < 0 || vector.SizeBytes > int.MaxValue - FrameBytes)
        {
            throw new CorruptFileException("the deletion vector's size in the log is none");
        }

        ByteRange range = new(vector.Offset ?? 1, vector.SizeBytes + FrameBytes);
        using BufferSlice body = await store
            .ReadAsync(path, range, snapshot.Engine.Allocator, cancellationToken).ConfigureAwait(false);
        return RoaringBitmap.Decode(CheckFrame(body.Span, vector), bits, rowCount);
    }

    /// <summary>PROTOCOL "Deletion Vector File Storage Format": size, data, CRC-32 of the data, big-endian.</summary>
    private static ReadOnlySpan<byte> CheckFrame(ReadOnlySpan<byte> body, DeletionVectorDescriptor vector)
    {
        if (body.Length != vector.SizeBytes + FrameBytes)
        {
            throw new CorruptFileException("the deletion vector's file is too short");
        }

        int size = BinaryPrimitives.ReadInt32BigEndian(body);
        ReadOnlySpan<byte> data = body.Slice(sizeof(int), vector.SizeBytes);
        if (size != vector.SizeBytes)
        {
            throw new CorruptFileException(string.Create(
                CultureInfo.InvariantCulture,
                $"the deletion vector has {size} bytes, the log says {vector.SizeBytes}"));
        }

        return Crc32.HashToUInt32(data) == BinaryPrimitives.ReadUInt32BigEndian(body[^sizeof(int)..])
            ? data
            : throw new CorruptFileException("the deletion vector's checksum is wrong");
    }

    /// <summary>PROTOCOL "Derived Fields": the file, as the path of an add would be spelt.</summary>
    private static string FindPath(DeletionVectorDescriptor vector)
    {
        switch (vector.StorageType)
        {
            case "p":
                return vector.PathOrInline;
            case "u" when vector.PathOrInline.Length >= UuidCharacters:
                string prefix = vector.PathOrInline[..^UuidCharacters];
                byte[] bytes = Z85.Decode(vector.PathOrInline.AsSpan()[^UuidCharacters..]) ??
                    throw new CorruptFileException("the deletion vector's file name is no Z85 text");
                string name = $"deletion_vector_{new Guid(bytes, bigEndian: true):D}.bin";
                return FilePath.Encode(prefix.Length == 0 ? name : $"{prefix}/{name}");
            default:
                throw new CorruptFileException($"the deletion vector has the storage type '{vector.StorageType}'");
        }
    }
}
