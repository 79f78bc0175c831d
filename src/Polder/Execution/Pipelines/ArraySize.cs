using Apache.Arrow;

namespace Polder.Execution.Pipelines;

/// <summary>Bytes that arrays hold; of a slice its share.</summary>
internal static class ArraySize
{
    public static long Of(RecordBatch batch)
    {
        long size = 0;
        foreach (IArrowArray column in batch.Arrays)
        {
            size += Of(column.Data);
        }

        return size;
    }

    public static long Of(ArrayData data)
    {
        long size = 0;
        foreach (ArrowBuffer buffer in data.Buffers)
        {
            size += buffer.Length;
        }

        foreach (ArrayData child in data.Children ?? [])
        {
            size += Of(child);
        }

        return size;
    }
}
